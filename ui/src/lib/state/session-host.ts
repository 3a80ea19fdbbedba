// The program as one signed-in session hears it. Once the session is over nothing more is asked, and what is still under
// way is never heard of: neither a reply nor a message of a stream can change what another session shows.
import type { Host } from '../host/host';

export class SessionHost implements Host {
  #over = false;

  constructor(private readonly host: Host) {}

  /** The session is over. */
  end(): void {
    this.#over = true;
  }

  ask: Host['ask'] = (name, args) => this.#heard(() => this.host.ask(name, args));

  stream: Host['stream'] = (name, args, on) =>
    this.#heard(() =>
      this.host.stream(name, args, (message) => {
        if (!this.#over) on(message);
      }),
    );

  /** Whoever waits for an answer that came too late goes on waiting, and is forgotten with the session. */
  #heard<T>(asked: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#over) return;
      asked().then(
        (reply) => this.#over || resolve(reply),
        (error: unknown) => this.#over || reject(error as Error),
      );
    });
  }
}
