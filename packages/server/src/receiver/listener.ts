/** Something that listens on a port and can be told to stop. */
export interface Listener {
  /** Resolves with the port, which the system chose when `port` is 0. Rejects with the system's error. */
  listen(address: ListenAddress): Promise<number>;
  /** Takes nothing new, finishes what is in flight, and after `graceMs` breaks off what is left. */
  close(graceMs: number): Promise<void>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}
