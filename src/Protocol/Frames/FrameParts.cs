namespace UdsBroker.Protocol;

/// <summary>
/// What a PUBLISH, or any frame of a run, has besides subject and payload. A run with any of these has to be examined message by message.
/// </summary>
[Flags]
public enum FrameParts : byte
{
    /// <summary>Neither reply nor headers.</summary>
    None = 0,

    /// <summary>A reply subject: somebody waits for an answer.</summary>
    Reply = 1,

    /// <summary>Headers, possibly an empty map.</summary>
    Headers = 2,
}
