// Asking the playground's server, as the browser's user.

export async function ask(path, order) {
  const answer = await fetch(`/wiki/_connect/${path}`, {
    method: order ? "POST" : "GET",
    headers: { "AP-Client-Key": "host", "Content-Type": "application/json" },
    body: order && JSON.stringify(order),
  });
  if (!answer.ok) throw new Error(`The playground answered ${answer.status}.`);
  return answer.json();
}

// Where the host page is: sent with each question about a module.
export function place() {
  const { content, space } = document.body.dataset;
  return { contentId: content || "", spaceKey: space || "" };
}
