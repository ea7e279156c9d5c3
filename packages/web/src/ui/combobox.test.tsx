// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { act, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { matchOptions } from './combobox-options.ts';
import { Combobox } from './combobox.tsx';
import { Field } from './field.tsx';

const OPTIONS = ['cart', 'order-service', 'user-service', 'inventory'].map((value) => ({ value }));

function Harness() {
  const [value, setValue] = useState('');
  return (
    <Field label="Service">
      <Combobox value={value} options={OPTIONS} onChange={setValue} placeholder="Any" />
    </Field>
  );
}

let root: Root;

beforeEach(async () => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  document.body.innerHTML = '<div></div>';
  root = createRoot(document.body.firstElementChild ?? document.body);
  await act(async () => root.render(<Harness />));
  await act(async () => root.render(<Harness />));
});

afterEach(async () => {
  await act(async () => root.unmount());
});

const input = () => document.querySelector('input') ?? document.createElement('input');
const activeOption = () =>
  document.getElementById(input().getAttribute('aria-activedescendant') ?? '')?.textContent;
const options = () => [...document.querySelectorAll('[role=option]')].map((one) => one.textContent);

async function press(key: string): Promise<boolean> {
  input().focus();
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  await act(async () => input().dispatchEvent(event));
  return event.defaultPrevented;
}

async function type(text: string): Promise<void> {
  await act(async () => {
    // React hides the element's own property behind one that it watches.
    Reflect.set(HTMLInputElement.prototype, 'value', text, input());
    input().dispatchEvent(new Event('input', { bubbles: true }));
  });
}

describe('the combobox', () => {
  test('completes what is typed with the keyboard alone', async () => {
    await type('serv');
    expect(options()).toEqual(['order-service', 'user-service']);
    await press('ArrowDown');
    await press('ArrowDown');
    const active = document.querySelector('[role=option][data-active-item]');
    expect(input().getAttribute('aria-activedescendant')).toBe(active?.id);
    expect(await press('Enter')).toBe(true);
    expect(input().value).toBe('user-service');
    expect(options()).toEqual([]);
  });

  test('leaves Enter to the form when no option is chosen', async () => {
    await type('my own');
    expect(await press('Enter')).toBe(false);
    expect(input().value).toBe('my own');
  });

  test('closes on Escape and keeps the text', async () => {
    await type('ca');
    await press('Escape');
    expect(options()).toEqual([]);
    expect(input().value).toBe('ca');
    expect(input().getAttribute('aria-expanded')).toBe('false');
  });

  test('opens with an arrow at its first option, or at its last', async () => {
    await press('ArrowDown');
    expect(activeOption()).toBe('cart');
    await press('Escape');
    await press('ArrowUp');
    expect(activeOption()).toBe('inventory');
    await press('ArrowDown');
    expect(activeOption()).toBe('cart');
  });

  test('says no key of the field to the page a second time', async () => {
    const seen: string[] = [];
    document.addEventListener('keydown', (event) => {
      if (!event.defaultPrevented && event.target !== input()) seen.push(event.key);
    });
    await type('ca');
    await press('ArrowDown');
    await press('Delete');
    await press('Escape');
    expect(seen).toEqual([]);
  });

  test('belongs to its label', () => {
    expect(document.querySelector('label')?.htmlFor).toBe(input().id);
  });
});

describe('matchOptions', () => {
  test('puts what begins with the text first', () => {
    const { shown } = matchOptions([{ value: 'my-cart' }, { value: 'cart' }], 'CART');
    expect(shown.map(({ value }) => value)).toEqual(['cart', 'my-cart']);
  });

  test('wants all words', () => {
    const { shown } = matchOptions([{ value: 'GET /users' }, { value: 'PUT /users' }], 'users get');
    expect(shown.map(({ value }) => value)).toEqual(['GET /users']);
  });

  test('shows no more than a person reads, and says how many are left', () => {
    const many = Array.from({ length: 250 }, (_, index) => ({ value: `span ${index}` }));
    expect(matchOptions(many, '')).toMatchObject({ leftOut: 150 });
  });
});
