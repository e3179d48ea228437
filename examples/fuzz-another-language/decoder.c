/* A decoder of List<Text>, as one might write it: exit 0 accepts what is on standard input, 1 refuses it.
   It has a mistake. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint8_t input[1 << 20];
static size_t size, at;

/* An integer: 8 bytes, little endian. */
static int read_int(uint64_t *value)
{
    if (size - at < 8)
        return 0;
    *value = 0;
    for (int i = 7; i >= 0; i--)
        *value = *value << 8 | input[at + i];
    at += 8;
    return 1;
}

/* A text: its length, its bytes, zeros up to a multiple of 8. */
static int read_text(void)
{
    uint64_t announced;
    if (!read_int(&announced))
        return 0;
    uint32_t length = announced;
    size_t padding = -length & 7;
    if (size - at < (size_t)length + padding)
        return 0;
    at += length;
    for (; padding > 0; padding--)
        if (input[at++] != 0)
            return 0;
    return 1;
}

int main(void)
{
    uint64_t count;
    size = fread(input, 1, sizeof input, stdin);
    if (!read_int(&count))
        return 1;
    for (uint64_t i = 0; i < count; i++)
        if (!read_text())
            return 1;
    return at == size ? 0 : 1;
}
