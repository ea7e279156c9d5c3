import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isTyping } from '../ui/is-typing.ts';

/** The keys that work on every page. A page that gives one of them its own meaning prevents the event's default. */
export function useGlobalKeys(): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'g') {
        event.preventDefault();
        document.getElementById('trace-id')?.focus();
      } else if (event.key === '/' && pathname !== '/search') {
        event.preventDefault();
        void navigate({ to: '/search', search: {} });
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate, pathname]);
}
