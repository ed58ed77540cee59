import { createContext, use } from 'react'

/** Where menus and tips are put: inside the tab's own element, so that its colours reach them in any page. */
export const PortalContext = createContext<HTMLElement | null>(null)

export const usePortal = () => use(PortalContext)
