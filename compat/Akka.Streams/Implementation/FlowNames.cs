namespace Akka.Streams.Implementation;

/// <summary>Numbers the streams of a materializer; materializers that differ only in the prefix share the numbers.</summary>
internal sealed class FlowNames
{
    private readonly string _prefix;
    private readonly StrongBox _next;

    public FlowNames(string prefix)
        : this(prefix, new StrongBox())
    {
    }

    private FlowNames(string prefix, StrongBox next)
    {
        _prefix = prefix;
        _next = next;
    }

    public string Prefix => _prefix;

    public FlowNames WithPrefix(string prefix) => new(prefix, _next);

    public long Next() => Interlocked.Increment(ref _next.Value) - 1;

    private sealed class StrongBox
    {
        public long Value;
    }
}
