namespace Akka.Event;

/// <summary>A message that is not worth a log line when nobody receives it.</summary>
public interface IDeadLetterSuppression
{
}
