namespace UdsBroker.Broker.Delivery;

/// <summary>The pieces of a gathered send.</summary>
internal static class Segments
{
    /// <summary>How many bytes they have together.</summary>
    internal static int Bytes(this List<ArraySegment<byte>> segments)
    {
        var bytes = 0;
        foreach (var segment in segments) bytes += segment.Count;
        return bytes;
    }
}
