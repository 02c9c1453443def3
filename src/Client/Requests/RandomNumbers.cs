using System.Buffers.Binary;
using System.Security.Cryptography;

namespace UdsBroker.Client;

/// <summary>
/// Unguessable 64-bit numbers from the random source of the system. They are fetched some hundred at a time, because a single fetch costs
/// more than the rest of sending a request. Thread-safe.
/// </summary>
internal sealed class RandomNumbers
{
    private readonly Lock _gate = new();
    private readonly byte[] _bytes = new byte[512 * sizeof(ulong)];
    private int _used;

    public RandomNumbers() => _used = _bytes.Length;

    public ulong Next()
    {
        lock (_gate)
        {
            if (_used == _bytes.Length)
            {
                RandomNumberGenerator.Fill(_bytes);
                _used = 0;
            }

            Span<byte> next = _bytes.AsSpan(_used, sizeof(ulong));
            ulong number = BinaryPrimitives.ReadUInt64LittleEndian(next);
            next.Clear(); // a number that was handed out is kept nowhere else
            _used += sizeof(ulong);
            return number;
        }
    }
}
