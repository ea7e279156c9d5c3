import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isolatedText, visibleJson, visibleLines, visibleText } from './visible-text.ts';

describe('a name on the screen', () => {
  test.each([
    ['GET /orders/{id}'],
    ['مرحبا بالعالم'],
    ['שלום'],
    ['e\u0301\u0302\u0303'],
    ['👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍🚀 1️⃣ ❤️'],
    ['🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'],
    ['می‌خواهم'],
    ['क्‍ष'],
    ['中\u{E0100}文'],
    ['no-break\u00A0space'],
    [''],
  ])('is left alone when nothing in it hides: %s', (name) => {
    expect(visibleText(name)).toBe(name);
  });

  test.each([
    ['pay \u202Egnp.exe\u202C', 'pay ⟨RLO⟩gnp.exe⟨PDF⟩'],
    ['\u2066\u200F\u2069', '⟨LRI⟩⟨RLM⟩⟨PDI⟩'],
    ['\u200B\u200C\u200D\uFEFF', '⟨ZWSP⟩⟨ZWNJ⟩⟨ZWJ⟩⟨BOM⟩'],
    ['ad\u200Dmin', 'ad⟨ZWJ⟩min'],
    ['ad\u00ADmin', 'ad⟨SHY⟩min'],
    ['two\r\nlines\tand a tab\0', 'two␍␊lines␉and a tab␀'],
    ['\u007F\u0085\u009B', '␡⟨NEL⟩⟨U+009B⟩'],
    ['a\u{E0041}b', 'a⟨U+E0041⟩b'],
    ['a\uFE0Fb\u{E0101}', 'a⟨U+FE0F⟩b⟨U+E0101⟩'],
    ['\u3164', '⟨U+3164⟩'],
    ['\u2028\u2029', '⟨LS⟩⟨PS⟩'],
  ])('shows what hides in it as a mark: %j', (name, shown) => {
    expect(visibleText(name)).toBe(shown);
  });

  test('never turns or hides what stands beside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(visibleText(name)).not.toMatch(/[\p{Cc}\p{Bidi_C}\u200B\u2028\u2029\u2060\uFEFF]/u);
        expect(visibleText(visibleText(name))).toBe(visibleText(name));
      }),
    );
  });
});

test('a name within a sentence is isolated where it is read from the right, and nowhere else', () => {
  expect(isolatedText('שלום')).toBe('\u2068שלום\u2069');
  expect(isolatedText('GET /orders')).toBe('GET /orders');
  expect(isolatedText('\u2069\u202Eexe')).toBe('⟨PDI⟩⟨RLO⟩exe');
});

test('a text of lines keeps its lines and tabs, and nothing else that hides', () => {
  expect(visibleLines('one\r\n\ttwo\nthree\r\u202E')).toBe('one\r\n\ttwo\nthree␍⟨RLO⟩');
});

test('JSON says what hides in it by escapes, and means the same', () => {
  const value = { name: 'pay \u202Egnp \u{E0041}\u200B', emoji: '🏳️‍🌈' };
  const shown = visibleJson(JSON.stringify(value, undefined, 2));
  expect(shown).toContain(String.raw`pay \u202egnp \udb40\udc41\u200b`);
  expect(shown).toContain('🏳️‍🌈');
  expect(JSON.parse(shown)).toEqual(value);
});
