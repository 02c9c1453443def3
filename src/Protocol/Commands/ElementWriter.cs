using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// Writes MessagePack elements, each in its shortest encoding, one after the other into a span. A span that is too short is the caller's
/// error: <see cref="ArgumentException"/> is thrown, and the elements that fitted stay written.
/// </summary>
internal ref struct ElementWriter
{
    private readonly Span<byte> _destination;

    /// <summary>Starts at the first byte.</summary>
    public ElementWriter(Span<byte> destination) => _destination = destination;

    /// <summary>The bytes written so far.</summary>
    public int Position { get; private set; }

    /// <summary>Starts a frame: the header of its array and its kind.</summary>
    public void WriteFrameStart(FrameKind kind, uint elements)
    {
        WriteArrayHeader(elements);
        WriteUnsigned((byte)kind);
    }

    /// <summary>Writes the header of an array.</summary>
    public void WriteArrayHeader(uint count) => Advance(MessagePackPrimitives.TryWriteArrayHeader(Rest, count, out int size), size);

    /// <summary>Writes an integer.</summary>
    public void WriteUnsigned(ulong value) => Advance(MessagePackPrimitives.TryWrite(Rest, value, out int size), size);

    /// <summary>Writes nil.</summary>
    public void WriteNil() => Advance(MessagePackPrimitives.TryWriteNil(Rest, out int size), size);

    /// <summary>Writes the header of a bin whose content follows.</summary>
    public void WriteBinHeader(uint length) => Advance(MessagePackPrimitives.TryWriteBinHeader(Rest, length, out int size), size);

    /// <summary>Writes a bin.</summary>
    public void WriteBin(ReadOnlySpan<byte> bytes)
    {
        WriteBinHeader((uint)bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>Writes the header of a map.</summary>
    public void WriteMapHeader(uint count) => Advance(MessagePackPrimitives.TryWriteMapHeader(Rest, count, out int size), size);

    /// <summary>Writes a str.</summary>
    public void WriteStr(ReadOnlySpan<byte> utf8)
    {
        Advance(MessagePackPrimitives.TryWriteStringHeader(Rest, (uint)utf8.Length, out int size), size);
        WriteRaw(utf8);
    }

    /// <summary>Writes elements that are encoded already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> encoded) => Advance(encoded.TryCopyTo(Rest), encoded.Length);

    private readonly Span<byte> Rest => _destination[Position..];

    private void Advance(bool isWritten, int size)
    {
        if (!isWritten)
            ThrowTooShort();
        Position += size;
    }

    [DoesNotReturn]
    private readonly void ThrowTooShort() =>
        throw new ArgumentException($"{_destination.Length} bytes are too few; {Position} are written", "destination");
}
