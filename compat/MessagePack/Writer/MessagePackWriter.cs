using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <summary>
/// Writes values one after the other into an <see cref="IBufferWriter{T}"/>, each in its shortest encoding.
/// </summary>
/// <remarks>
/// Bytes are handed over by <see cref="Flush"/>, or when the current buffer is full; without the last flush they are lost. Until then the
/// underlying writer must not be used by others.
/// </remarks>
public ref partial struct MessagePackWriter
{
    private readonly IBufferWriter<byte> _output;
    private Span<byte> _free;
    private int _written;

    /// <summary>Writes into <paramref name="writer"/>, from which it takes a first buffer at once.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public MessagePackWriter(IBufferWriter<byte> writer)
        : this()
    {
        ArgumentNullException.ThrowIfNull(writer);
        _output = writer;
        _free = writer.GetSpan();
    }

    /// <summary>For the use of callers; the writer itself does not look at it.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Whether to write as the specification was before 2013: binaries as strings, and no string header of two bytes.</summary>
    public bool OldSpec { get; set; }

    /// <summary>A writer into another buffer with the same <see cref="OldSpec"/> and <see cref="CancellationToken"/>.</summary>
    public MessagePackWriter Clone(IBufferWriter<byte> writer) => new(writer)
    {
        OldSpec = OldSpec,
        CancellationToken = CancellationToken,
    };

    /// <summary>Hands over what was written.</summary>
    public void Flush()
    {
        if (_written == 0)
            return;
        _output.Advance(_written);
        _written = 0;
        _free = default;
    }

    /// <summary>Room for at least <paramref name="length"/> bytes, to be written by the caller and counted with <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int length)
    {
        if (_free.Length < length)
            Grow(length);
        return _free;
    }

    /// <summary>Counts bytes as written that the caller put into the last <see cref="GetSpan"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int length)
    {
        _free = _free[length..];
        _written += length;
    }

    /// <summary>Copies bytes as they are.</summary>
    public void WriteRaw(ReadOnlySpan<byte> rawMessagePackBlock)
    {
        while (rawMessagePackBlock.Length > _free.Length)
        {
            var part = _free.Length;
            rawMessagePackBlock[..part].CopyTo(_free);
            Advance(part);
            rawMessagePackBlock = rawMessagePackBlock[part..];
            Grow(0);
        }

        rawMessagePackBlock.CopyTo(_free);
        Advance(rawMessagePackBlock.Length);
    }

    /// <summary>Copies bytes as they are.</summary>
    public void WriteRaw(in ReadOnlySequence<byte> rawMessagePackBlock)
    {
        foreach (var segment in rawMessagePackBlock)
            WriteRaw(segment.Span);
    }

    /// <summary>The length of the shortest encoding of an integer: 1, 2, 3, 5 or 9.</summary>
    public static int GetEncodedLength(long value) => value switch
    {
        >= 0 => GetEncodedLength((ulong)value),
        >= MessagePackRange.MinFixNegativeInt => 1,
        >= sbyte.MinValue => 2,
        >= short.MinValue => 3,
        >= int.MinValue => 5,
        _ => 9,
    };

    /// <summary>The length of the shortest encoding of an integer: 1, 2, 3, 5 or 9.</summary>
    public static int GetEncodedLength(ulong value) => value switch
    {
        <= MessagePackRange.MaxFixPositiveInt => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length)
    {
        Flush();
        _free = _output.GetSpan(length);
        if (_free.Length < Math.Max(length, 1))
            ThrowShortBuffer(length);
    }

    [DoesNotReturn]
    private static void ThrowShortBuffer(int length)
        => throw new InvalidOperationException($"The buffer writer was asked for {length} bytes and gave fewer");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(bool fits, int length)
    {
        if (!fits)
            ThrowShortBuffer(length);
        Advance(length);
    }
}
