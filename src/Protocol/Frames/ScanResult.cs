namespace UdsBroker.Protocol;

/// <summary>The four results of the scanner. "Not yet" is never confused with "never".</summary>
public enum ScanResult : byte
{
    /// <summary>A whole, well-formed frame.</summary>
    Done = 0,

    /// <summary>So far well-formed and within the limits, but not whole.</summary>
    NeedMore = 1,

    /// <summary>Not a frame of this protocol, whatever follows: the connection ends with <see cref="CloseReason.Violation"/>.</summary>
    Violation = 2,

    /// <summary>It is, or claims to be, beyond a limit: the connection ends with <see cref="CloseReason.FrameTooBig"/>.</summary>
    TooBig = 3,
}
