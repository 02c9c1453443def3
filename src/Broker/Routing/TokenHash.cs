using System.Buffers.Binary;
using System.Numerics;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// A fast hash of short byte strings that a peer chooses. The seed differs between processes, so nobody can prepare tokens that
/// collide; it is an argument because the routing core has no random source of its own.
/// </summary>
internal static class TokenHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    internal static uint Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed ^ ((ulong)bytes.Length * Multiplier);
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++) rest |= (ulong)bytes[i] << (8 * i);
        hash = Mix(Mix(hash ^ rest));
        return (uint)(hash >> 32);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ BitOperations.RotateLeft(low, 23);
    }
}
