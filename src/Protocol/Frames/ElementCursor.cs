using System.Text.Unicode;
using MessagePack;
using DecodeResult = MessagePack.MessagePackPrimitives.DecodeResult;

namespace UdsBroker.Protocol;

/// <summary>
/// A position in received bytes, with typed reads that advance it. Every valid MessagePack encoding of a type is accepted and nothing else.
/// A read that does not return Done leaves the reason in <see cref="Violation"/>, or the length that the input needs at least in
/// <see cref="MinLength"/>; the cursor must not be used after that. It never allocates and never trusts a length.
/// </summary>
/// <remarks>
/// The type of a bin and of a number is checked before MessagePackPrimitives reads it, because that accepts a str where a bin is expected,
/// and throws for an integer that does not fit.
/// </remarks>
internal ref partial struct ElementCursor
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Starts at the first byte.</summary>
    public ElementCursor(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    private readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>The bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>
    /// The elements known to follow the one that is read next: each has at least one byte, which <see cref="MinLength"/> includes.
    /// </summary>
    public int Pending { get; set; }

    /// <summary>Why a read was refused.</summary>
    public Violation Violation { get; private set; }

    /// <summary>After TooBig: how much there is or is claimed, as in <see cref="FrameHead.Claimed"/>.</summary>
    public uint Claimed { get; private set; }

    /// <summary>After NeedMore: the least length that whole input can have.</summary>
    public int MinLength { get; private set; }

    /// <summary>The type of the next element; <see cref="MessagePackType.Unknown"/> when no byte of it is there.</summary>
    public readonly MessagePackType NextType =>
        Position < _bytes.Length ? MessagePackCode.ToMessagePackType(_bytes[Position]) : MessagePackType.Unknown;

    /// <summary>Reads the header of an array.</summary>
    public ScanResult ReadArrayHeader(out uint count) =>
        Finish(MessagePackPrimitives.TryReadArrayHeader(Rest, out count, out int size), size);

    /// <summary>Reads the header of a map.</summary>
    public ScanResult ReadMapHeader(out uint count) =>
        Finish(MessagePackPrimitives.TryReadMapHeader(Rest, out count, out int size), size);

    /// <summary>Reads the header of a bin.</summary>
    public ScanResult ReadBinHeader(out uint length)
    {
        length = 0;
        ScanResult result = Expect(MessagePackType.Binary);
        return result == ScanResult.Done
            ? Finish(MessagePackPrimitives.TryReadBinHeader(Rest, out length, out int size), size)
            : result;
    }

    /// <summary>Reads the header of a str.</summary>
    public ScanResult ReadStrHeader(out uint length) =>
        Finish(MessagePackPrimitives.TryReadStringHeader(Rest, out length, out int size), size);

    /// <summary>
    /// Reads an integer in any of its encodings, also a signed one, if it is not negative and at most <paramref name="max"/>.
    /// </summary>
    public ScanResult ReadUnsigned(ulong max, out ulong value)
    {
        // Fast path: most numbers on the wire have one byte.
        if (Position < _bytes.Length && _bytes[Position] <= MessagePackCode.MaxFixInt && _bytes[Position] <= max)
        {
            value = _bytes[Position++];
            return ScanResult.Done;
        }

        return SlowPath(ref this, max, out value);

        static ScanResult SlowPath(ref ElementCursor cursor, ulong max, out ulong value)
        {
            value = 0;
            ScanResult result = cursor.Expect(MessagePackType.Integer);
            if (result != ScanResult.Done)
                return result;

            if (cursor._bytes[cursor.Position] is <= MessagePackCode.MaxFixInt or (>= MessagePackCode.UInt8 and <= MessagePackCode.UInt64))
            {
                result = cursor.Finish(MessagePackPrimitives.TryReadUInt64(cursor.Rest, out value, out int size), size);
            }
            else
            {
                result = cursor.Finish(MessagePackPrimitives.TryReadInt64(cursor.Rest, out long signed, out int size), size);
                if (signed < 0)
                    return cursor.Refuse(Violation.OutOfRange);
                value = (ulong)signed;
            }

            return result == ScanResult.Done && value > max ? cursor.Refuse(Violation.OutOfRange) : result;
        }
    }

    /// <summary>Reads a nil if there is one.</summary>
    public bool TryReadNil()
    {
        if (Position >= _bytes.Length || _bytes[Position] != MessagePackCode.Nil)
            return false;
        Position++;
        return true;
    }

    /// <summary>Reads a bool if there is one.</summary>
    public bool TryReadBool(out bool value)
    {
        value = Position < _bytes.Length && _bytes[Position] == MessagePackCode.True;
        if (!value && (Position >= _bytes.Length || _bytes[Position] != MessagePackCode.False))
            return false;
        Position++;
        return true;
    }

    /// <summary>Reads a str of valid UTF-8.</summary>
    /// <param name="start">The position from which the limit counts.</param>
    /// <param name="end">The position after which the str may not end.</param>
    /// <param name="tooLong">The answer when it would.</param>
    /// <param name="utf8">Its bytes.</param>
    public ScanResult ReadStr(int start, int end, Violation tooLong, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        ScanResult result = ReadStrHeader(out uint length);
        if (result != ScanResult.Done)
            return result;
        if (Position + (long)length > end)
            return Refuse(tooLong, Position + (long)length - start);
        return TakeUtf8(length, out utf8);
    }

    /// <summary>Reads the bytes of a str, whose length was checked against a limit.</summary>
    public ScanResult TakeUtf8(uint length, out ReadOnlySpan<byte> utf8)
    {
        ScanResult result = Take(length, out utf8);
        return result == ScanResult.Done && !Utf8.IsValid(utf8) ? Refuse(Violation.InvalidUtf8) : result;
    }

    /// <summary>Reads bytes whose length was checked against a limit.</summary>
    public ScanResult Take(uint length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (uint)(_bytes.Length - Position))
            return NeedMore((int)length);
        taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return ScanResult.Done;
    }

    /// <summary>Records why the bytes are refused.</summary>
    public ScanResult Refuse(Violation violation, long claimed = 0)
    {
        Violation = violation;
        Claimed = (uint)Math.Min(claimed, uint.MaxValue);
        return violation.IsTooBig() ? ScanResult.TooBig : ScanResult.Violation;
    }

    private ScanResult Expect(MessagePackType type)
    {
        if (Position >= _bytes.Length)
            return NeedMore(1);
        return MessagePackCode.ToMessagePackType(_bytes[Position]) == type ? ScanResult.Done : RefuseType();
    }

    private ScanResult Finish(DecodeResult result, int size)
    {
        if (result == DecodeResult.Success)
        {
            Position += size;
            return ScanResult.Done;
        }

        return result == DecodeResult.TokenMismatch ? RefuseType() : NeedMore(Math.Max(size, _bytes.Length - Position + 1));
    }

    private ScanResult RefuseType() =>
        Refuse(_bytes[Position] == MessagePackCode.NeverUsed ? Violation.NeverUsedByte : Violation.WrongType);

    private ScanResult NeedMore(int bytes)
    {
        MinLength = Position + bytes + Pending;
        return ScanResult.NeedMore;
    }
}
