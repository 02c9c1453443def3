using System.Buffers.Binary;
using System.Security.Cryptography;

namespace UdsBroker.Client;

/// <summary>
/// Numbers of 64 bits that nobody can guess, from the random source of the system. It is asked for some hundred at a time, because asking costs more than
/// the rest of sending a request. Thread-safe.
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
            next.Clear(); // one that was given out is nowhere else
            _used += sizeof(ulong);
            return number;
        }
    }
}
