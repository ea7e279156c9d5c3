import { messages } from '../messages/messages.ts';
import type { IconName } from '../ui/icon.tsx';

interface Place {
  readonly to: '/search' | '/compare';
  readonly name: string;
  readonly icon: IconName;
}

/** The pages one can go to from anywhere: the rail shows them, the palette offers them. */
export const PLACES: readonly Place[] = [
  { to: '/search', name: messages.app.search, icon: 'search' },
  { to: '/compare', name: messages.app.compare, icon: 'compare' },
];

/** What the API can do, for programs: relative to the page's base. */
export const API_DESCRIPTION = 'api/clew/openapi.json';
