// A session ends while a form is half filled. The form stays, the user logs in in another tab, and
// when they come back the page takes up the new session: its forms get the new token.
import { hush, tell } from "./notice.js";

/** Sent to the document when there is a session again. */
export const BACK = "session:back";

let ended = false;

export const hasEnded = () => ended;

export function expired() {
  ended = true;
  if (document.querySelector("[data-failure=unauthenticated]")) return; // the answer has said it
  tell("expired", loginLink());
}

function loginLink() {
  const words = document.getElementById("connection")?.dataset;
  const link = document.createElement("a");
  link.href = words?.loginUrl ?? document.body.dataset.loginUrl ?? "/login";
  link.target = "_blank";
  link.setAttribute("hx-boost", "false");
  link.textContent = words?.logIn ?? link.href;
  return link;
}

/** Look whether the user has logged in meanwhile. */
async function lookAgain() {
  if (!ended || document.hidden) return;
  const token = (await tokenOf(location.href)) ?? (await tokenOf("/"));
  if (token) takeUp(token);
}

/** The token that a page's forms carry; undefined without a session, or where no page is. */
async function tokenOf(url) {
  const answer = await fetch(url, { headers: { "X-Live": "1" } }).catch(() => null);
  if (!answer?.ok) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("input[name=_csrf]")?.value || undefined;
}

function takeUp(token) {
  ended = false;
  for (const field of document.querySelectorAll("input[name=_csrf]")) field.value = token;
  document.querySelector("[data-failure=unauthenticated]")?.remove();
  hush("expired");
  tell("back");
  document.dispatchEvent(new CustomEvent(BACK));
}

document.addEventListener("visibilitychange", lookAgain);
window.addEventListener("focus", lookAgain);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr.status === 401) expired();
});
