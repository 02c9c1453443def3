namespace UdsBroker.Protocol;

/// <summary>What a PUBLISH, or any frame of a run, has beside subject and payload: who handles one of these has to look at each message.</summary>
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
