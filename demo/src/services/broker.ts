/** A message on its way: what it says, and headers, in which the sender's trace travels. */
export interface Message {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A message broker in memory, as small as one can be: topics that keep messages in their order until somebody takes them.
 * It knows nothing of tracing; whoever sends and receives does.
 */
export class Broker {
  readonly #topics = new Map<string, Topic>();

  publish(topicName: string, message: Message): void {
    const topic = this.#topic(topicName);
    topic.messages.push(message);
    topic.wake();
  }

  /** Waits for a message, then takes all that are there; nothing when `signal` ends the waiting. */
  async receive(topicName: string, signal: AbortSignal): Promise<readonly Message[]> {
    const topic = this.#topic(topicName);
    while (topic.messages.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        topic.wake = resolve;
        signal.addEventListener('abort', topic.wake);
      });
      signal.removeEventListener('abort', topic.wake);
    }
    return topic.messages.splice(0);
  }

  #topic(name: string): Topic {
    const found = this.#topics.get(name);
    if (found !== undefined) return found;
    const topic = { messages: [], wake: () => undefined };
    this.#topics.set(name, topic);
    return topic;
  }
}

interface Topic {
  readonly messages: Message[];
  wake: () => void;
}
