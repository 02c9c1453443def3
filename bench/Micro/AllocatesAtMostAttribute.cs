namespace UdsBroker.Bench.Micro;

/// <summary>What one call of a benchmark may allocate on its thread once it is warm. A test asserts it; no test asserts a time.</summary>
/// <param name="bytes">Bytes for each call.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllocatesAtMostAttribute(long bytes) : Attribute
{
    public long Bytes { get; } = bytes;
}
