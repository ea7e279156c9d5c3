// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { act, useState } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { render } from '../testing/render.tsx';
import type { Rendered } from '../testing/render.tsx';
import { useCommands } from './commands.tsx';
import { Popover } from './popover.tsx';
import { useEscape } from './use-escape.ts';

let page: Rendered;
let pageEscapes: number;

/** A page that does something at Escape, too. */
function Page() {
  const [isOpen, setIsOpen] = useState(false);
  const [isFailed, setIsFailed] = useState(false);
  const run = () => {
    pageEscapes += 1;
  };
  useCommands({
    title: 'Page',
    reach: 'page',
    commands: [{ name: 'Leave', keys: ['Escape'], run }],
  });
  return (
    <>
      <Popover
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        className="frame"
        button={{ title: 'What was kept', children: 'Kept' }}
        panel={{ role: 'dialog', label: 'What was kept', className: 'panel', takesFocus: true }}
      >
        <a href="#first">First</a>
      </Popover>
      <input aria-label="A field" />
      <button type="button" onClick={() => setIsFailed(true)}>
        Fail
      </button>
      {isFailed ? <Notice onClose={() => setIsFailed(false)} /> : undefined}
    </>
  );
}

function Notice({ onClose }: { readonly onClose: () => void }) {
  useEscape(onClose);
  return <p className="notice">It failed</p>;
}

beforeEach(async () => {
  pageEscapes = 0;
  page = await render(<Page />);
});

afterEach(async () => {
  await page.unmount();
});

const panel = () => page.container.querySelector('.panel');
const button = () => page.findText('button', 'Kept');

async function pressEscape(target: Element | null): Promise<void> {
  const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
  await act(async () => target?.dispatchEvent(event));
}

async function pressPointer(target: HTMLElement): Promise<void> {
  await act(async () => {
    target.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
    target.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
    target.click();
  });
}

async function open(): Promise<void> {
  await act(async () => button().focus());
  await page.click(button());
  // The panel's code is fetched, and then the focus goes into it; React has its own time for that.
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false);
  await expect.poll(() => document.activeElement?.textContent, { timeout: 10_000 }).toBe('First');
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
}

describe('a popover', () => {
  test('opens with the focus in it, and the button says so', async () => {
    expect(panel()).toBeNull();
    await open();
    expect(button().getAttribute('aria-expanded')).toBe('true');
    expect(button().getAttribute('aria-controls')).toBe(panel()?.id);
  });

  test('closes on Escape, which the page does not get, and gives the focus back', async () => {
    await open();
    await pressEscape(document.activeElement);
    expect(panel()).toBeNull();
    expect(document.activeElement).toBe(button());
    expect(pageEscapes).toBe(0);
    await pressEscape(document.body);
    expect(pageEscapes).toBe(1);
  });

  test('stays when something else takes the focus, and closes on Escape from there', async () => {
    await open();
    const field = page.findText('input', 'A field');
    await act(async () => field.focus());
    expect(panel()).not.toBeNull();
    await pressEscape(field);
    expect(panel()).toBeNull();
  });

  test('closes on a press beside it', async () => {
    await open();
    await pressPointer(page.findText('button', 'Fail'));
    expect(panel()).toBeNull();
  });

  test('closes on a second press of its button', async () => {
    await open();
    await pressPointer(button());
    expect(panel()).toBeNull();
  });
});

describe('what lies over the page', () => {
  test('closes on Escape wherever the focus is, and leaves the focus there', async () => {
    await page.click(page.findText('button', 'Fail'));
    const field = page.findText('input', 'A field');
    field.focus();
    expect(page.container.querySelector('.notice')?.textContent).toBe('It failed');
    await pressEscape(field);
    expect(page.container.querySelector('.notice')).toBeNull();
    expect(document.activeElement).toBe(field);
    expect(pageEscapes).toBe(0);
  });
});
