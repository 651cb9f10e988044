// The dialog provider of the Connect host: one native <dialog> for each open dialog of an app.
import { frameOf } from "./frame.js";

const SIZES = {
  small: ["400px", "300px"],
  medium: ["600px", "400px"],
  large: ["800px", "600px"],
  xlarge: ["968px", "80vh"],
  fullscreen: ["100vw", "100vh"],
  maximum: ["100vw", "100vh"],
};
const open = [];

function top() {
  return open[open.length - 1];
}

function actionButton(action) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = action.type === "primary" ? "button primary" : "button";
  button.textContent = action.text;
  button.disabled = Boolean(action.disabled);
  button.dataset.identifier = action.identifier;
  // The app's client is told, and closes the dialog itself after submit and cancel.
  button.addEventListener("click", () => action.onClick());
  return button;
}

function chrome(element, options) {
  const header = document.createElement("header");
  const heading = document.createElement("h2");
  heading.textContent = options.header;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button subtle";
  close.setAttribute("aria-label", "Close");
  close.textContent = "✕";
  close.addEventListener("click", () => dialogProvider.close());
  header.append(heading, close);
  const footer = document.createElement("footer");
  footer.append(options.hint || "", ...options.actions.map(actionButton));
  element.prepend(header);
  element.append(footer);
}

function remove(entry) {
  open.splice(open.indexOf(entry), 1);
  entry.element.close();
  entry.element.remove();
  entry.frame.then((frame) => frame && window.connectHost.destroy(frame.id));
  entry.opener?.focus?.();
}

function button(identifier) {
  return top()?.element.querySelector(`footer [data-identifier="${CSS.escape(identifier)}"]`);
}

export const dialogProvider = {
  create(options, extension) {
    const element = document.createElement("dialog");
    element.className = "app-dialog";
    element.setAttribute("aria-label", options.header || extension.name || "App");
    const [width, height] = SIZES[options.size] ?? [options.width, options.height];
    element.style.width = width;
    element.style.height = height;
    const content = document.createElement("div");
    content.className = "content";
    element.append(content);
    if (options.chrome) chrome(element, options);
    document.body.append(element);
    element.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (options.closeOnEscape) dialogProvider.close();
    });
    const opener = document.activeElement;
    extension.options = { ...extension.options, isDialog: true, dialogId: options.id };
    const frame = frameOf(extension, content);
    open.push({ element, extension, frame, opener, onHide: options.onHide });
    element.showModal();
    frame.then((made) => made?.focus());
  },
  close() {
    const entry = top();
    if (!entry) return;
    remove(entry);
    entry.onHide?.();
  },
  isActiveDialog: (appKey) => top()?.extension.addon_key === appKey,
  setButtonDisabled(identifier, disabled) {
    const found = button(identifier);
    if (found) found.disabled = disabled;
  },
  isButtonDisabled: (identifier) => Boolean(button(identifier)?.disabled),
  toggleButton(identifier) {
    const found = button(identifier);
    if (found) found.disabled = !found.disabled;
  },
  setButtonHidden(identifier, hidden) {
    const found = button(identifier);
    if (found) found.hidden = hidden;
  },
  isButtonHidden: (identifier) => Boolean(button(identifier)?.hidden),
  createButton(action) {
    top()?.element.querySelector("footer")?.append(actionButton(action));
  },
};
