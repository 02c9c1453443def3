namespace UdsBroker.Compat.Streams.Tests;

/// <summary>Something that happened to a stage, in the order it happened.</summary>
public sealed record Signal(string Kind, object? Value = null)
{
    public static readonly Signal PreStart = new("pre-start");
    public static readonly Signal Pull = new("pull");
    public static readonly Signal Finish = new("finish");
    public static readonly Signal PostStop = new("post-stop");

    public static Signal Push(object value) => new("push", value);

    public static Signal Failure(Exception cause) => new("failure", cause);

    public static Signal Cancel(Exception cause) => new("cancel", cause);
}
