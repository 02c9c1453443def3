namespace UdsBroker.Protocol;

/// <summary>The slow path for PUBLISH: any encoding, reply, headers, trailing elements, and every error.</summary>
public static partial class FrameScanner
{
    private static ScanResult ScanPublish(ref ElementCursor cursor, uint count, Limits limits, ref FrameHead head)
    {
        int trailing = (int)count - 5;
        cursor.Pending = trailing + 3;
        ScanResult result = ScanSubject(ref cursor, limits, out int start, out int length);
        if (result != ScanResult.Done)
            return result;
        head.SubjectStart = start;
        head.SubjectLength = length;

        cursor.Pending = trailing + 2;
        head.ReplyLength = -1;
        if (!cursor.TryReadNil())
        {
            result = ScanSubject(ref cursor, limits, out start, out length);
            if (result != ScanResult.Done)
                return result;
            head.ReplyStart = start;
            head.ReplyLength = length;
        }

        cursor.Pending = trailing + 1;
        if (!cursor.TryReadNil())
        {
            start = cursor.Position;
            result = ScanHeaders(ref cursor, limits);
            if (result != ScanResult.Done)
                return result;
            head.HeadersStart = start;
            head.HeadersLength = cursor.Position - start;
        }

        cursor.Pending = trailing;
        result = cursor.ReadBinHeader(out uint payloadLength);
        if (result != ScanResult.Done)
            return result;
        if (payloadLength > (uint)limits.MaxPayloadBytes)
            return cursor.Refuse(Violation.PayloadTooBig, payloadLength);
        if (cursor.Position + trailing > limits.MaxControlFrameBytes)
            return cursor.Refuse(Violation.ControlFrameTooBig, cursor.Position + trailing);
        head.PayloadStart = cursor.Position;
        head.PayloadLength = (int)payloadLength;
        result = cursor.Take(payloadLength, out _);
        return result == ScanResult.Done
            ? cursor.Skip((uint)trailing, before: 5, limits.MaxControlFrameBytes, limits, head.PayloadLength)
            : result;
    }

    private static ScanResult ScanSubject(ref ElementCursor cursor, Limits limits, out int start, out int length)
    {
        start = 0;
        length = 0;
        ScanResult result = cursor.ReadStrHeader(out uint claimed);
        if (result != ScanResult.Done)
            return result;
        if (claimed == 0)
            return cursor.Refuse(Violation.EmptySubject);
        if (claimed > (uint)limits.MaxSubjectBytes)
            return cursor.Refuse(Violation.SubjectTooBig, claimed);
        start = cursor.Position;
        length = (int)claimed;
        return cursor.TakeUtf8(claimed, out _);
    }

    /// <summary>Entries of str to str; their number and length are checked against the limits before any of them has arrived.</summary>
    private static ScanResult ScanHeaders(ref ElementCursor cursor, Limits limits)
    {
        int after = cursor.Pending;
        int start = cursor.Position;
        int end = start + limits.MaxHeaderBytes;
        ScanResult result = cursor.ReadMapHeader(out uint entries);
        if (result != ScanResult.Done)
            return result;
        if (entries > (uint)limits.MaxHeaders)
            return cursor.Refuse(Violation.TooManyHeaders, entries);

        for (int left = 2 * (int)entries - 1; left >= 0; left--)
        {
            cursor.Pending = after + left;
            result = cursor.ReadStr(start - left, end - left, Violation.HeadersTooBig, out _);
            if (result != ScanResult.Done)
                return result;
        }

        return cursor.Position <= end ? ScanResult.Done : cursor.Refuse(Violation.HeadersTooBig, cursor.Position - start);
    }
}
