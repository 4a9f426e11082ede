import { AuthController, authHandlers } from './auth.controller.ts';

/** How people and services sign in. */
export const peopleApi = { controllers: [AuthController], handlers: [...authHandlers] };
