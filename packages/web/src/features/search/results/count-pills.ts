import type { ServiceCountJson } from '@clew/api';
import { formatCount } from '../../../base/format.ts';
import { visibleText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';

/** How much room the pills of a row have: the same in every row of a list, so that no row is measured. */
export interface PillRoom {
  readonly widthPx: number;
  /** On a narrow page pills are names alone, without ground and count. */
  readonly isCompact: boolean;
  /** The width of a text in the font of the pills. */
  readonly textPx: (text: string) => number;
}

/** More than fit beside each other on a wide screen: a trace can have ten thousand services. */
export const MAX_PILLS = 16;

/** Distances that results.css and service-name.css give a pill, CSS pixels. */
const PILL_GAP_PX = 4;
const PADDING_PX = 12;
const SWATCH_PX = 14;
const PART_GAP_PX = 6;
const FAILED_ICON_PX = 15;

/** Those that have failed spans before the others, else as they were. */
export function failedFirst(services: readonly ServiceCountJson[]): readonly ServiceCountJson[] {
  return services.toSorted((a, b) => Number(b.errorCount > 0) - Number(a.errorCount > 0));
}

export function countFailed(services: readonly ServiceCountJson[]): number {
  return services.reduce((sum, { errorCount }) => sum + errorCount, 0);
}

/** How many services have a pill of their own: at least one, and as many as fit beside the pill that counts the others. */
export function countPills(services: readonly ServiceCountJson[], room: PillRoom): number {
  const { widthPx, isCompact, textPx } = room;
  const paddingPx = isCompact ? 0 : PADDING_PX;
  let usedPx = 0;
  let count = 0;
  let hiddenErrors = countFailed(services);
  for (const service of services.slice(0, MAX_PILLS)) {
    usedPx += pillPx(service, room) + (count === 0 ? 0 : PILL_GAP_PX);
    const others = services.length - count - 1;
    hiddenErrors -= service.errorCount;
    const othersPx =
      others === 0
        ? 0
        : PILL_GAP_PX +
          paddingPx +
          textPx(messages.search.otherServices(others)) +
          failedPx(hiddenErrors, room);
    if (count > 0 && usedPx + othersPx > widthPx) break;
    count++;
  }
  return count;
}

function pillPx({ service, spanCount, errorCount }: ServiceCountJson, room: PillRoom): number {
  const { isCompact, textPx } = room;
  const namePx = SWATCH_PX + textPx(visibleText(service)) + failedPx(errorCount, room);
  return isCompact ? namePx : PADDING_PX + namePx + PART_GAP_PX + textPx(formatCount(spanCount));
}

function failedPx(errorCount: number, { textPx }: PillRoom): number {
  return errorCount === 0 ? 0 : PART_GAP_PX + FAILED_ICON_PX + textPx(formatCount(errorCount));
}
