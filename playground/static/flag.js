// The flag provider of the Connect host: messages in a corner of the page.

const AUTO_CLOSE_MS = 8000;

export const flagProvider = {
  create(options) {
    const element = document.createElement("section");
    element.className = `flag ${options.type}`;
    const title = document.createElement("strong");
    title.textContent = options.title;
    const body = document.createElement("p");
    body.textContent = options.body ?? "";
    const close = () => {
      if (!element.isConnected) return;
      element.remove();
      options.onClose(options.id);
    };
    const buttons = options.actions.map((action) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button subtle";
      button.textContent = action.actionText;
      button.addEventListener("click", action.executeAction);
      return button;
    });
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.className = "button subtle";
    dismiss.textContent = "Dismiss";
    dismiss.addEventListener("click", close);
    element.append(title, body, ...buttons, dismiss);
    document.getElementById("flags").append(element);
    if (options.close === "auto") setTimeout(close, AUTO_CLOSE_MS);
    return { close };
  },
};
