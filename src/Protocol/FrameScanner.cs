namespace UdsBroker.Protocol;

/// <summary>Finds frames in received bytes.</summary>
public static class FrameScanner
{
    /// <summary>Looks at the frame at the start of the bytes.</summary>
    /// <param name="bytes">What was received; more than one frame may be there.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="head">What was found out.</param>
    public static ScanResult Scan(ReadOnlySpan<byte> bytes, Limits limits, out FrameHead head) => throw new NotSupportedException();

    /// <summary>Steps over the frames after <paramref name="first"/> that belong to its run.</summary>
    /// <param name="bytes">Received bytes that start with the first frame of the run.</param>
    /// <param name="first">The head of that frame.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="length">The bytes of the run so far; on return including the frames stepped over.</param>
    /// <param name="count">The frames of the run so far; likewise.</param>
    public static ScanResult ExtendRun(ReadOnlySpan<byte> bytes, in FrameHead first, Limits limits, ref int length, ref int count) => throw new NotSupportedException();

    /// <summary>The bytes of the first so many frames of a scanned run.</summary>
    public static int SkipFrames(ReadOnlySpan<byte> bytes, Limits limits, int frames) => throw new NotSupportedException();
}
