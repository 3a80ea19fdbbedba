/* What Debian 12's Wine lacks, from what it has. For trying programs under Wine alone. */
#include <windows.h>
#include <ntsecapi.h>

BOOL __declspec(dllexport) WINAPI ProcessPrng(BYTE *bytes, SIZE_T count)
{
    const SIZE_T most = 1 << 20;
    for (SIZE_T done = 0; done < count; done += most) {
        SIZE_T left = count - done;
        if (!RtlGenRandom(bytes + done, (ULONG)(left < most ? left : most)))
            return FALSE;
    }
    return TRUE;
}
