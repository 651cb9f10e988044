// The JavaScript API that Confluence adds to the Connect host: context, user, navigator, request.
import { ask, place } from "./ask.js";
import { contextOf } from "./frame.js";

// The host calls a method with its callback last, which knows the frame that asked.
function caller(args) {
  return args[args.length - 1]._context;
}

// Marked for the host: its result reaches the frame as a promise, or through a callback.
function promising(method) {
  method.returnsPromise = true;
  return method;
}

const context = {
  getToken: promising(async function getToken(callback) {
    const { extension } = caller([callback]);
    return (await ask("token", { appKey: extension.addon_key })).token;
  }),
  getContext: promising(async function getContext(callback) {
    return contextOf(caller([callback]).extension_id);
  }),
};

const user = {
  getCurrentUser: promising(async function getCurrentUser(callback) {
    const { atlassianAccountId } = await ask("user");
    return { atlassianAccountId };
  }),
  getLocale: promising(async function getLocale(callback) {
    return (await ask("user")).locale;
  }),
  getTimeZone: promising(async function getTimeZone(callback) {
    return (await ask("user")).timeZone;
  }),
};

const targets = {
  contentview: ({ contentId }) => `/wiki/pages/viewpage.action?pageId=${contentId}`,
  spaceview: ({ spaceKey }) => `/wiki/spaces/${spaceKey}/overview`,
  spacetools: ({ spaceKey }) => `/wiki/spaces/${spaceKey}/settings`,
  dashboard: () => "/wiki/",
  addonmodule: ({ addonKey, moduleKey }) => `/wiki/plugins/servlet/ac/${addonKey}/${moduleKey}`,
  addonModule: (order) => targets.addonmodule(order),
  site: ({ relativeUrl }) => `/wiki${relativeUrl}`,
};

const navigator = {
  go(target, order, callback) {
    const address = targets[target]?.(order ?? {});
    // Only addresses of the site itself: an app names the place, not the host.
    if (address?.startsWith("/wiki/")) window.location.assign(address);
  },
  reload(callback) {
    window.location.reload();
  },
  getLocation: promising(async function getLocation(callback) {
    const { contentId, spaceKey } = place();
    return contentId
      ? { target: "contentview", context: { contentId } }
      : { target: "spaceview", context: { spaceKey } };
  }),
};

// AP.request: the product's REST API as the browser's user, never another host.
const request = promising(async function request(order, more, callback) {
  const wanted = typeof order === "string" ? { ...more, url: order } : order;
  const address = new URL(`/wiki${wanted.url}`, window.location.origin);
  if (!/^\/wiki\/(rest|api)\//.test(address.pathname)) throw new Error("Not an address of REST.");
  const answer = await fetch(address, {
    method: wanted.type || "GET",
    headers: {
      ...wanted.headers,
      ...(wanted.contentType && { "Content-Type": wanted.contentType }),
      "AP-Client-Key": caller([callback ?? more]).extension.addon_key,
    },
    body: wanted.data,
  });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${body}`);
  return { body, xhr: { status: answer.status, responseText: body } };
});

export function defineModules(host) {
  host.defineModule("context", context);
  host.defineModule("user", user);
  host.defineModule("navigator", navigator);
  host.defineModule("confluence", {});
  host.defineModule({ request });
}
