// What a person chose last in a space, kept in their browser and nowhere else.
//
// Storage may be blocked, full, or hold anything: then there is nothing to remember.

const VERSION = 1; // of what is kept; what another version kept is left alone

// One server serves many sites, so the site is part of the name.
export const place = (site, space) => `xpress.dialog.${VERSION} ${site} ${space}`;

export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // It will be asked again.
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // There was nothing.
  }
}
