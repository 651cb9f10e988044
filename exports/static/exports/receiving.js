// An export's answer, read frame by frame to the end, and believed only when it is whole.

import { Failure } from "../addon/frame.js";
import { gettext } from "../addon/words.js";
import { FrameReader } from "./frames.js";
import { progress, receiving } from "./sentences.js";

const SILENCE_SECONDS = 60; // a frame comes every second, so this is a lost connection

const lost = () => new Failure("lost", gettext("The connection was lost. Nothing was saved."));
const parsed = (payload) => JSON.parse(new TextDecoder().decode(payload));

// The next piece of a stream, or a failure when none comes for too long.
async function nextPiece(reader) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(lost()), SILENCE_SECONDS * 1000);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

// Read the frames of an export to the end → {report, pdf}. What is not whole is a Failure.
export async function receive(body, onProgress) {
  const reader = body.getReader();
  const frames = new FrameReader();
  const pieces = [];
  let bytes = 0;
  let report = null;
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader);
      if (done) break;
      for (const { kind, payload } of frames.push(value)) {
        if (kind === "P") onProgress(progress(parsed(payload)));
        if (kind === "E") {
          const { code, message } = parsed(payload);
          throw new Failure(code, message || gettext("Something went wrong on our side. Try again in a moment."));
        }
        if (kind === "R") report = parsed(payload);
        if (kind === "D") {
          pieces.push(payload);
          bytes += payload.length;
          onProgress({ text: receiving(bytes), value: 1 });
        }
      }
    }
  } catch (error) {
    reader.cancel().catch(() => {}); // it is lost anyway
    if (error instanceof Failure || error.name === "AbortError") throw error;
    throw lost();
  }
  if (!report || !frames.atRest) throw lost();
  const pdf = new Blob(pieces, { type: "application/pdf" });
  if (!(await isWhole(pdf, report))) {
    throw new Failure("damaged", gettext("The PDF did not arrive as it was sent. Nothing was saved."));
  }
  return { report, pdf };
}

async function isWhole(pdf, report) {
  if (pdf.size !== report.bytes) return false;
  if (!globalThis.crypto?.subtle) return true; // only there over https; the length has to do
  const digest = await crypto.subtle.digest("SHA-256", await pdf.arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === report.sha256;
}
