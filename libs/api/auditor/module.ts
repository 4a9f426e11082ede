import { AuditorController, auditorHandlers } from './auditor.controller.ts';

/** What auditors call. */
export const auditorApi = { controllers: [AuditorController], handlers: [...auditorHandlers] };
