using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace UdsBroker.Client;

/// <summary>
/// Turns the bytes of a received subject into one shared string, so that subjects that repeat allocate nothing. A fixed table without locks: each
/// slot holds one immutable entry, a newer subject of the same slot replaces the older, and a lost race costs one string. The size is therefore
/// bounded whatever a broker sends.
/// </summary>
internal sealed class SubjectCache
{
    private const int SlotBits = 12;
    private readonly Entry?[] _entries = new Entry?[1 << SlotBits];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        ref Entry? slot = ref _entries[SlotOf(utf8)];
        Entry? entry = slot;
        if (entry is not null && utf8.SequenceEqual(entry.Utf8)) return entry.Text;
        return Miss(ref slot, utf8);
    }

    private static string Miss(ref Entry? slot, ReadOnlySpan<byte> utf8)
    {
        Entry entry = new(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref slot, entry);
        return entry.Text;
    }

    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)utf8.Length;
        while (utf8.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * Odd, 29);
            utf8 = utf8[8..];
        }

        foreach (byte next in utf8) hash = (hash ^ next) * Odd;
        return (int)((hash * Odd) >> (64 - SlotBits));
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
