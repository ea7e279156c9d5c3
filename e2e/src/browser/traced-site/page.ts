/** What a shop's page does: it traces itself and answers to its buttons. Bundled by `server.ts`. */
import { activeSpan, init, withSpan } from '@clew/sdk/browser';

const { endpoint = '', foreign = '' } = document.documentElement.dataset;
const clew = init({ serviceName: 'shop-page', endpoint });

const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });

/** Each says in the title when it is done. */
const ACTIONS: Readonly<Record<string, () => Promise<void>>> = {
  async buy() {
    const response = await fetch('/price?item=tea');
    const { price } = (await response.json()) as { price: number };
    await sleep(20);
    await withSpan('show-price', { price }, async (span) => {
      span.setAttribute('is.active', activeSpan() === span);
      await fetch('/stock');
    });
    await send('PUT', '/order');
  },
  // Would be refused with a header that the other origin does not know.
  async ask() {
    const response = await fetch(`${foreign}/price?item=coffee`);
    await response.text();
  },
  async fail() {
    await fetch('http://localhost:1/').catch(() => undefined);
    await fetch('/missing');
    for (let i = 0; i < 3000; i++) withSpan(`work-${i}`, () => undefined);
  },
};

async function act(name: string): Promise<void> {
  document.title = `${name}…`;
  await ACTIONS[name]?.();
  document.body.dataset['stats'] = JSON.stringify(clew.stats);
  document.title = `${name} done`;
}

function send(method: string, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.addEventListener('load', () => resolve());
    request.addEventListener('error', reject);
    request.send();
  });
}

for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => void act(button.id));
}
document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  void act('ask');
});
