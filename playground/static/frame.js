// Frames of apps: resolved by the playground's server, built by the Connect host.
import { ask, place } from "./ask.js";

const contexts = new Map(); // extension id → what AP.context.getContext answers

export function contextOf(extensionId) {
  return contexts.get(extensionId) ?? {};
}

// The content resolver that Confluence registers; the host expects a promise of jQuery's kind.
export function resolve(extension) {
  const deferred = window.jQuery.Deferred();
  ask("frame", { appKey: extension.addon_key, moduleKey: extension.key, ...place() })
    .then((answer) => deferred.resolve(answer))
    .catch((error) => deferred.reject({}, { text: error.message }));
  return deferred.promise();
}

// Put the frame of a module into a container; gives the iframe, or nothing when it failed.
export async function frameOf(extension, container) {
  container.setAttribute("aria-busy", "true");
  try {
    const answer = await window.connectHost.getContentResolver()(extension);
    return build({ ...extension, url: answer.url }, answer, container);
  } catch {
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = "The app cannot be shown. It may have been uninstalled a moment ago.";
    container.append(note);
    return undefined;
  } finally {
    container.removeAttribute("aria-busy");
  }
}

function build(extension, answer, container) {
  const isDialog = Boolean(extension.options?.isDialog);
  extension.options = {
    ...answer.options,
    ...extension.options,
    autoresize: !isDialog,
    isFullPage: !isDialog,
    hostOrigin: window.location.origin,
    hostFrameOffset: 1,
  };
  const created = window.connectHost.createExtension(extension);
  const frame = document.createElement("iframe");
  for (const [name, value] of Object.entries(created.iframeAttributes)) {
    if (value !== undefined) frame.setAttribute(name, value);
  }
  frame.setAttribute("sandbox", answer.options.sandbox);
  frame.setAttribute("referrerpolicy", "no-referrer");
  frame.setAttribute("title", extension.options.name || extension.key);
  frame.className = "ap-iframe";
  contexts.set(frame.id, answer.context);
  container.append(frame);
  return frame;
}
