namespace Akka.Streams.Implementation.Fusing;

/// <summary>What lies in the slot of a failed connection: the reason, and an element that was pushed before and may still be grabbed.</summary>
internal sealed class FailedSlot
{
    public readonly Exception Reason;
    public object Element;

    public FailedSlot(Exception reason, object element)
    {
        Reason = reason;
        Element = element;
    }
}
