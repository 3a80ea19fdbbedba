/* Holds a mutex as the open window does, which Wine cannot open, until its input ends. */
#include <stdio.h>
#include <windows.h>

int main(int count, char **words)
{
    if (count < 2 || !CreateMutexA(NULL, FALSE, words[1]))
        return 1;
    puts("held");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
