using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

/// <summary>A log entry on its way to the loggers. The message is formatted when somebody reads it.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    protected LogEvent()
    {
        Timestamp = TimeProvider.System.GetUtcNow().UtcDateTime;
        Thread = Thread.CurrentThread;
    }

    public Exception Cause { get; protected set; }

    public DateTime Timestamp { get; private set; }

    public Thread Thread { get; private set; }

    public string LogSource { get; protected set; }

    public Type LogClass { get; protected set; }

    public object Message { get; protected set; }

    public abstract LogLevel LogLevel();

    public override string ToString()
    {
        var level = Logging.StringFor(LogLevel());
        var time = Timestamp.ToString("MM/dd/yyyy HH:mm:ss.fffK", CultureInfo.InvariantCulture);
        var text = $"[{level}][{time}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}";
        return Cause is null ? text : $"{text}{Environment.NewLine}Cause: {Cause}";
    }
}
