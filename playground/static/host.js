// The host page: tells the Connect host how Confluence does things, and opens what apps added.
import { place } from "./ask.js";
import { dialogProvider } from "./dialog.js";
import { flagProvider } from "./flag.js";
import { frameOf, resolve } from "./frame.js";
import { watchMenu } from "./menu.js";
import { defineModules } from "./modules.js";
import { watchTree } from "./tree.js";

function register(host, name, provider) {
  host.getFrameworkAdaptor().registerModule({
    getModuleRegistrationName: () => name,
    isEnabled: () => true,
    getProvider: () => provider,
  });
}

function frameElement(context) {
  return document.getElementById(context.extension_id);
}

// AP.resize and AP.sizeToParent; the host leaves both to the product.
const resizing = {
  resize(width, height, context) {
    const frame = frameElement(context);
    if (!frame || context.extension.options.isDialog) return;
    frame.style.width = typeof width === "number" ? `${width}px` : width;
    frame.style.height = `${parseInt(height, 10)}px`;
  },
  sizeToParent(hideFooter, context) {
    frameElement(context)?.classList.add("whole");
  },
};

function openAction({ app, module, name, dialog }) {
  if (dialog === undefined) {
    const query = new URLSearchParams({ "content.id": place().contentId });
    window.location.assign(`/wiki/plugins/servlet/ac/${app}/${module}?${query}`);
    return;
  }
  const extension = { addon_key: app, key: module, options: { name, productContext: {} } };
  window.connectHost.dialog.create(extension, { chrome: true, header: name, ...JSON.parse(dialog) });
}

function start(host) {
  host.registerContentResolver.resolveByExtension(resolve);
  register(host, "dialog", dialogProvider);
  register(host, "flag", flagProvider);
  host.registerProvider("addon", resizing);
  defineModules(host);
  for (const container of document.querySelectorAll(".app-frame")) {
    const { app, module, name } = container.dataset;
    frameOf({ addon_key: app, key: module, options: { name } }, container);
  }
}

watchTree();
watchMenu(openAction);
if (window.connectHost) start(window.connectHost);
