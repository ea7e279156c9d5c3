// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DrawContext } from '../draw-context.ts';
import { escapeXml } from './escape-xml.ts';
import { SvgContext } from './svg-context.ts';
import type { TextRuler } from './svg-context.ts';
import { writeSvg } from './write-svg.ts';

/** Letters of six pixels, that stand eight above the line and reach two below it. */
const ruler: TextRuler = {
  font: '',
  measureText: (text) =>
    ({
      width: text.length * 6,
      fontBoundingBoxAscent: 8,
      fontBoundingBoxDescent: 2,
    }) as TextMetrics,
};

function write(draw: (context: DrawContext) => void): string {
  const context = new SvgContext(ruler);
  draw(context);
  return context.markup;
}

describe('SvgContext', () => {
  test('writes what is drawn as elements, in the order of drawing', () => {
    const markup = write((context) => {
      context.fillStyle = 'oklch(1 0 0)';
      context.fillRect(1, 2.004, 3, 4);
      context.strokeStyle = '#112233';
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(0, 0);
      context.lineTo(5, 5);
      context.stroke();
    });
    expect(markup.split('\n')).toEqual([
      '<rect x="1" y="2" width="3" height="4" fill="#ffffff"/>',
      '<path d="M0 0L5 5" fill="none" stroke="#112233" stroke-width="1.5"/>',
    ]);
  });

  test('writes text where its letters stand, as wide as it was measured', () => {
    const markup = write((context) => {
      context.font = '500 15px Roboto, sans-serif';
      context.textBaseline = 'middle';
      context.fillText('GET', 10, 20);
    });
    expect(markup).toContain('<text x="10" y="23" textLength="18"');
    expect(markup).toContain('font-family="Roboto, sans-serif" font-size="15" font-weight="500"');
  });

  test('closes with restore what was opened since save, and takes its styles back', () => {
    const markup = write((context) => {
      context.fillStyle = '#111111';
      context.save();
      context.translate(10, 20);
      context.beginPath();
      context.rect(0, 0, 30, 40);
      context.clip();
      context.fillStyle = '#222222';
      context.fillRect(0, 0, 1, 1);
      context.restore();
      context.fillRect(0, 0, 1, 1);
    });
    expect(markup.split('\n')).toEqual([
      '<g transform="translate(10 20)">',
      '<defs><clipPath id="d1"><path d="M0 0h30v40h-30Z"/></clipPath></defs>',
      '<g clip-path="url(#d1)">',
      '<rect x="0" y="0" width="1" height="1" fill="#222222"/>',
      '</g>',
      '</g>',
      '<rect x="0" y="0" width="1" height="1" fill="#111111"/>',
    ]);
  });

  test('keeps transparency apart from the colour, and gradients in the coordinates of the picture', () => {
    const markup = write((context) => {
      context.globalAlpha = 0.5;
      context.fillStyle = 'lab(0% 0 0 / .5)';
      context.fillRect(0, 0, 1, 1);
      context.globalAlpha = 1;
      const gradient = context.createLinearGradient(0, 0, 18, 0);
      gradient.addColorStop(0, 'oklch(1 0 0)');
      gradient.addColorStop(1, 'oklch(1 0 0 / 0)');
      context.fillStyle = gradient;
      context.fillRect(0, 0, 18, 2);
    });
    expect(markup).toContain('fill="#000000" fill-opacity="0.25"');
    expect(markup).toContain('gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="18" y2="0"');
    expect(markup).toContain('stop-opacity="0"');
    expect(markup).toContain('fill="url(#d1)"');
  });

  test('rounds each corner by its own radius, and draws circles', () => {
    const markup = write((context) => {
      context.beginPath();
      context.roundRect(0, 0, 10, 6, [2, 0, 0, 2]);
      context.arc(5, 5, 2, 0, 2 * Math.PI);
      context.fill();
    });
    expect(markup).toContain('M2 0h8v6h-8a2 2 0 0 1 -2 -2v-2a2 2 0 0 1 2 -2Z');
    expect(markup).toContain('M3 5a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z');
  });
});

describe('hostile names', () => {
  test('cannot leave their text', () => {
    const name = '</text><script>alert(1)</script><text x="\'&amp;';
    const markup = write((context) => context.fillText(name, 0, 0));
    expect(markup).not.toContain('<script');
    expect(markup.match(/</g)).toHaveLength(2);
  });

  test('have no characters that XML forbids', () => {
    expect(escapeXml('a\u0000b\u001bc\uffffd\ud800e\tf')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\tf');
    expect(escapeXml('pairs stay: 🧶')).toBe('pairs stay: 🧶');
  });

  test('come out as they went in, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const svg = writeSvg(
          {
            title: name,
            widthPx: 10,
            heightPx: 10,
            background: 'oklch(1 0 0)',
            draw: (context) => context.fillText(name, 0, 0),
          },
          ruler,
        );
        const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
        expect(parsed.querySelector('parsererror')).toBeNull();
        expect(parsed.querySelector('text')?.textContent).toBe(name);
      }),
    );
  });
});
