/** What a page must never take for markup, and what no UTF-8 can hold. */
export const HOSTILE = `</script><img src=x onerror="document.title='taken'"><b>\uD800 & "quoted" 'single' \0`;
