using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <summary>
/// Reads values one after the other from memory that may be in several segments. A value that is cut off is an
/// <see cref="EndOfStreamException"/>, one of another kind a <see cref="MessagePackSerializationException"/>.
/// </summary>
/// <remarks>
/// A struct that is its own cursor: a copy (<see cref="CreatePeekReader"/>) reads on by itself. Each read tries the current segment first;
/// only a token that lies across two segments is copied together on the stack.
/// </remarks>
public ref partial struct MessagePackReader
{
    /// <summary>The longest token without payload is a timestamp of 96 bits: 15 bytes.</summary>
    private const int LongestToken = 16;

    private SequenceReader<byte> _reader;

    /// <summary>Reads from one piece of memory.</summary>
    public MessagePackReader(ReadOnlyMemory<byte> memory)
        : this(new ReadOnlySequence<byte>(memory))
    {
    }

    /// <summary>Reads from memory in segments.</summary>
    public MessagePackReader(scoped in ReadOnlySequence<byte> readOnlySequence)
        : this()
    {
        _reader = new SequenceReader<byte>(readOnlySequence);
    }

    private delegate MessagePackPrimitives.DecodeResult Decode<T>(ReadOnlySpan<byte> source, out T value, out int tokenSize);

    /// <summary>For the use of callers; the reader itself does not look at it.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>How deep the caller is nested. For the use of callers; the reader itself never recurses.</summary>
    public int Depth { get; set; }

    /// <summary>All that the reader was given.</summary>
    public ReadOnlySequence<byte> Sequence => _reader.Sequence;

    /// <summary>The place of the next value.</summary>
    public SequencePosition Position => _reader.Position;

    /// <summary>How many bytes have been read.</summary>
    public long Consumed => _reader.Consumed;

    /// <summary>Whether all bytes have been read.</summary>
    public bool End => _reader.End;

    /// <summary>Whether the next value is nil.</summary>
    /// <exception cref="EndOfStreamException">There is no next value.</exception>
    public bool IsNil => NextCode == MessagePackCode.Nil;

    /// <summary>The kind of the next value.</summary>
    /// <exception cref="EndOfStreamException">There is no next value.</exception>
    public MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>The first byte of the next value.</summary>
    /// <exception cref="EndOfStreamException">There is no next value.</exception>
    public byte NextCode
    {
        get
        {
            EndUnless(_reader.TryPeek(out var code));
            return code;
        }
    }

    /// <summary>A reader of other bytes with the same <see cref="CancellationToken"/> and <see cref="Depth"/>.</summary>
    public MessagePackReader Clone(scoped in ReadOnlySequence<byte> readOnlySequence) => new(readOnlySequence)
    {
        CancellationToken = CancellationToken,
        Depth = Depth,
    };

    /// <summary>A copy that starts here and does not move this reader.</summary>
    public MessagePackReader CreatePeekReader() => this;

    /// <summary>Reads nil.</summary>
    public Nil ReadNil()
    {
        EndUnless(_reader.TryRead(out var code));
        return code == MessagePackCode.Nil ? Nil.Default : throw Unexpected(code);
    }

    /// <summary>Reads nil if it is next, and otherwise moves nowhere.</summary>
    /// <exception cref="EndOfStreamException">There is no next value.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
            return false;
        _reader.Advance(1);
        return true;
    }

    /// <summary>Takes bytes as they are.</summary>
    /// <returns>A slice of what the reader was given, not a copy.</returns>
    public ReadOnlySequence<byte> ReadRaw(long length)
    {
        EndUnless(length >= 0 && _reader.Remaining >= length);
        var raw = _reader.Sequence.Slice(_reader.Position, length);
        _reader.Advance(length);
        return raw;
    }

    /// <summary>Takes the bytes of the next value, all that is nested in it included.</summary>
    /// <returns>A slice of what the reader was given, not a copy.</returns>
    public ReadOnlySequence<byte> ReadRaw()
    {
        var start = Position;
        Skip();
        return Sequence.Slice(start, Position);
    }

    /// <summary>Reads a token that the current segment does not hold whole.</summary>
    /// <returns>False if its end is missing.</returns>
    private bool TryReadAcross<T>(Decode<T> decode, out T value)
    {
        Span<byte> copy = stackalloc byte[LongestToken];
        copy = copy[..(int)Math.Min(LongestToken, _reader.Remaining)];
        _reader.TryCopyTo(copy);
        var result = decode(copy, out value, out var tokenSize);
        if (result == MessagePackPrimitives.DecodeResult.TokenMismatch)
            throw Unexpected(copy[0]);
        if (result != MessagePackPrimitives.DecodeResult.Success)
        {
            // Only an extension that is read as a timestamp is longer than the copy, and no timestamp is that long.
            return tokenSize > _reader.Remaining ? false : throw Unexpected(copy[0]);
        }

        _reader.Advance(tokenSize);
        return true;
    }

    private T ReadAcross<T>(Decode<T> decode)
    {
        EndUnless(TryReadAcross(decode, out var value));
        return value;
    }

    private static void EndUnless([DoesNotReturnIf(false)] bool condition)
    {
        if (!condition)
            ThrowEnd();
    }

    [DoesNotReturn]
    private static void ThrowEnd() => throw new EndOfStreamException();

    private static MessagePackSerializationException Unexpected(byte code)
        => new($"The value starts with 0x{code:x2} ({MessagePackCode.ToFormatName(code)}), which is not of the kind that was asked for");
}
