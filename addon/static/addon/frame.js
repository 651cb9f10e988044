// What every framed page needs: the token of the person who looks at it, our own API, the right height.

import { gettext } from "./words.js";

const TOKEN_SECONDS = 15;

// A failure with a sentence that may be shown.
export class Failure extends Error {
  constructor(code, message, { status = 0, retryAfterSeconds = 0, fields = {} } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.fields = fields; // what is wrong with each field of what was sent
  }
}

// "120" or an HTTP date → seconds from now, 0 when there is nothing to wait for.
export function secondsToWait(retryAfter, now = Date.now()) {
  if (!retryAfter) return 0;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0;
}

// The address without what opened it, so that it is not copied or kept.
export function withoutToken(address) {
  const url = new URL(address);
  url.searchParams.delete("jwt");
  url.searchParams.delete("ticket");
  return url.href;
}

// Where the page stands in the language of Confluence, such as "de_DE"; "" where it does already,
// or where nobody has translated it.
export function inLanguage(address, locale, { lang, dataset }) {
  const language = String(locale ?? "").split(/[-_]/)[0].toLowerCase();
  const known = (dataset.languages ?? "").split(" ").includes(language);
  const url = new URL(address);
  if (!known || language === lang || url.searchParams.has("lang") || !dataset.ticket) return "";
  url.searchParams.set("lang", language);
  url.searchParams.set("ticket", dataset.ticket);
  return url.href;
}

// Whether a request may go out again with a newer token: only the first refusal of a token.
const refusedToken = (response, attempt) => response.status === 401 && attempt === 0;

async function failureFrom(response) {
  const said = await response.json().catch(() => ({}));
  return new Failure(
    typeof said.code === "string" ? said.code : "failed",
    response.status === 401
      ? gettext("Confluence did not confirm who you are. Reload the page and try again.")
      : typeof said.message === "string" && said.message
        ? said.message
        : gettext("Something went wrong on our side. Try again in a moment."),
    {
      status: response.status,
      retryAfterSeconds: secondsToWait(response.headers.get("Retry-After")),
      fields: Object(said.fields),
    },
  );
}

export const insideConfluence = () => typeof window.AP?.context?.getToken === "function";

// A fresh token each time: they live for minutes only.
function token() {
  if (!insideConfluence()) {
    return Promise.reject(new Failure("outside", gettext("Open this page inside Confluence.")));
  }
  return new Promise((resolve, reject) => {
    const silence = new Failure("silent", gettext("Confluence did not answer. Reload the page and try again."));
    const timer = setTimeout(reject, TOKEN_SECONDS * 1000, silence);
    window.AP.context.getToken((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

// Call our API as the person who looks at the page. Resolves with a good response, else throws a
// Failure; an abort is passed on as it is.
export async function ask(address, { method = "GET", body, accept = "application/json", signal } = {}) {
  for (let attempt = 0; ; attempt += 1) {
    const headers = {
      Accept: accept,
      "Accept-Language": document.documentElement.lang || "en",
      Authorization: `JWT ${await token()}`,
    };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(address, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
        cache: "no-store",
        credentials: "omit",
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Failure("unreachable", gettext("XPress could not be reached. Check your connection and try again."));
    }
    if (response.ok) return response;
    if (!refusedToken(response, attempt)) throw await failureFrom(response);
  }
}

// From here on: what happens on every page.

history.replaceState(history.state, "", withoutToken(location.href));

window.AP?.user?.getLocale?.((locale) => {
  const address = inLanguage(location.href, locale, document.documentElement);
  if (address) location.replace(address);
});

// Confluence gives the frame the height of what it shows, now and from now on.
new ResizeObserver(() => window.AP?.resize?.()).observe(document.querySelector(".ac-content"));
