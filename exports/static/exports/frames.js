// Frames: bytes in, in pieces of any size; whole frames out. Pure.
//
//     1 byte kind · 4 bytes length, big-endian · payload

const HEAD = 5;
const LONGEST = 256 * 1024 * 1024; // no frame of ours comes near; a broken stream might claim to

export class FrameReader {
  #pieces = []; // what has arrived of the frame at hand
  #held = 0; // bytes in them
  #wanted = HEAD; // bytes needed before anything more can be said

  // Take the next bytes → the frames they complete: [{kind: "P", payload: Uint8Array}, …].
  push(bytes) {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    const frames = [];
    while (this.#held >= this.#wanted) {
      const held = this.#join();
      const length = new DataView(held.buffer, held.byteOffset).getUint32(1);
      if (length > LONGEST) throw new RangeError(`A frame of ${length} bytes`);
      this.#wanted = HEAD + length;
      if (held.length < this.#wanted) break;
      frames.push({ kind: String.fromCharCode(held[0]), payload: held.slice(HEAD, this.#wanted) });
      this.#keep(held.subarray(this.#wanted));
    }
    return frames;
  }

  // Whether the stream may stop here: no frame is half read.
  get atRest() {
    return this.#held === 0;
  }

  // Pieces are joined only when enough have come, so a long frame is not copied at each piece.
  #join() {
    if (this.#pieces.length > 1) {
      const joined = new Uint8Array(this.#held);
      let at = 0;
      for (const piece of this.#pieces) {
        joined.set(piece, at);
        at += piece.length;
      }
      this.#pieces = [joined];
    }
    return this.#pieces[0];
  }

  #keep(rest) {
    this.#pieces = rest.length ? [rest] : [];
    this.#held = rest.length;
    this.#wanted = HEAD;
  }
}
