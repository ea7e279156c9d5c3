import { z } from 'zod';

// zod would try `new Function` to compile its parsers, which a content security policy refuses and reports. This module is
// imported before any schema is made.
z.config({ jitless: true });
