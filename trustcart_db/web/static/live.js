// Pages in the background listen to nothing: a browser holds six connections to a server, and people keep more tabs.
// What changed meanwhile, the server says when a page is looked at again.
"use strict";

const streams = new Set();

class Stream extends EventTarget {
  #address;
  #listeners = [];
  #source = null;
  #isClosed = false;
  onerror = null;
  onopen = null;

  constructor(address) {
    super();
    this.#address = address;
    this.look = () => (document.hidden ? this.#pause() : this.#open());
    document.addEventListener("visibilitychange", this.look);
    streams.add(this);
    if (!document.hidden) this.#open();
  }

  get readyState() {
    return this.#isClosed ? EventSource.CLOSED : (this.#source?.readyState ?? EventSource.CONNECTING);
  }

  addEventListener(name, listener) {
    this.#listeners.push([name, listener]);
    this.#source?.addEventListener(name, listener);
  }

  removeEventListener(name, listener) {
    this.#listeners = this.#listeners.filter(([ofName, one]) => ofName !== name || one !== listener);
    this.#source?.removeEventListener(name, listener);
  }

  close() {
    this.#isClosed = true;
    streams.delete(this);
    document.removeEventListener("visibilitychange", this.look);
    this.#pause();
  }

  #open() {
    if (this.#source || this.#isClosed) return;
    this.#source = new EventSource(this.#address);
    for (const [name, listener] of this.#listeners) this.#source.addEventListener(name, listener);
    this.#source.onopen = (event) => this.onopen?.(event);
    this.#source.onerror = (event) => {
      const isOver = this.#source?.readyState === EventSource.CLOSED;
      if (isOver) this.close();
      this.onerror?.(event);
    };
  }

  #pause() {
    this.#source?.close();
    this.#source = null;
  }
}

// Who signs out here goes where the answer leads, not where the news leads that the session is over.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out") for (const stream of [...streams]) stream.close();
});

htmx.createEventSource = (address) => new Stream(address);

// While one is called, the number is dialled by the same touch that begins the call; a desk has its own telephone.
document.addEventListener("submit", (event) => {
  const number = event.target.dataset?.dial;
  if (number && matchMedia("(pointer: coarse)").matches) location.assign(`tel:${number}`);
});
