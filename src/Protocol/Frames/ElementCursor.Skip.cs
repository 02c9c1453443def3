using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// Skips elements that are not read: what a newer peer appended, unknown options, whole control frames.
/// </summary>
internal ref partial struct ElementCursor
{
    /// <summary>
    /// Skips elements and everything nested in them, by a loop with a counter for each open array or map and without recursion. Each count
    /// and length is checked against all bounds when it is read, before the bytes that it announces have arrived.
    /// </summary>
    /// <param name="count">How many elements.</param>
    /// <param name="before">How many elements of the frame came before them.</param>
    /// <param name="max">The most bytes of the frame; beyond them the result is <see cref="Violation.ControlFrameTooBig"/>.</param>
    /// <param name="limits">The limits of depth and number; the frame itself is the first level.</param>
    /// <param name="payload">The bytes already read that do not count.</param>
    public ScanResult Skip(uint count, int before, int max, Limits limits, int payload = 0)
    {
        if (count == 0)
            return ScanResult.Done;

        // open[level] counts the elements left in the array or map open at that level; the frame is level 1.
        Span<uint> open = stackalloc uint[Limits.DepthCeiling + 1];
        int deepest = Math.Min(limits.MaxDepth, Limits.DepthCeiling);
        int level = 1;
        open[level] = count;
        long pending = count;
        long elements = before + (long)count;
        while (pending > 0)
        {
            while (open[level] == 0)
                level--;
            open[level]--;
            pending--;

            // An element of one byte was counted with its array, so there is nothing left to check.
            if (Position < _bytes.Length && _bytes[Position] is <= MessagePackCode.MaxFixInt or MessagePackCode.Nil)
            {
                Position++;
                continue;
            }

            Pending = (int)pending;
            ScanResult result = ReadAnyHeader(out uint nested, out uint length, out bool isContainer);
            if (result != ScanResult.Done)
                return result;
            if (isContainer)
            {
                if (level >= deepest)
                    return Refuse(Violation.TooDeep);
                open[++level] = nested;
                pending += nested;
                elements += nested;
            }

            if (elements > limits.MaxElements)
                return Refuse(Violation.TooManyElements, elements);
            long bytes = Position - payload + (long)length + pending;
            if (bytes > max)
                return Refuse(Violation.ControlFrameTooBig, bytes);
            Pending = (int)pending;
            result = Take(length, out _);
            if (result != ScanResult.Done)
                return result;
        }

        return ScanResult.Done;
    }

    /// <summary>
    /// Reads the header of any element: for an array or map the number of nested elements, for all others the number of bytes that follow.
    /// </summary>
    private ScanResult ReadAnyHeader(out uint nested, out uint length, out bool isContainer)
    {
        nested = 0;
        length = 0;
        isContainer = false;
        ScanResult result;
        switch (NextType)
        {
            case MessagePackType.Integer or MessagePackType.Float or MessagePackType.Boolean or MessagePackType.Nil:
                length = ScalarBytes(_bytes[Position]);
                Position++;
                return ScanResult.Done;
            case MessagePackType.String:
                return ReadStrHeader(out length);
            case MessagePackType.Binary:
                return ReadBinHeader(out length);
            case MessagePackType.Extension:
                result = Finish(MessagePackPrimitives.TryReadExtensionHeader(Rest, out ExtensionHeader extension, out int size), size);
                length = extension.Length;
                return result;
            case MessagePackType.Array:
                isContainer = true;
                return ReadArrayHeader(out nested);
            case MessagePackType.Map:
                isContainer = true;
                result = ReadMapHeader(out uint pairs);
                nested = (uint)Math.Min(2UL * pairs, uint.MaxValue);
                return result;
            default:
                return Position < _bytes.Length ? Refuse(Violation.NeverUsedByte) : NeedMore(1);
        }
    }

    /// <summary>The bytes after the first one of an integer, float, bool or nil.</summary>
    private static uint ScalarBytes(byte code) => code switch
    {
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
        MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32 => 4,
        MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64 => 8,
        _ => 0,
    };
}
