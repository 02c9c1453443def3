namespace Akka.Configuration.Hocon;

/// <summary>Something that turns out to be an object or not only once its text has been read to the end, such as a substitution.</summary>
public interface IMightBeAHoconObject
{
    /// <summary>Whether <see cref="GetObject"/> has an answer.</summary>
    bool IsObject();

    /// <summary>The object behind this, or null.</summary>
    HoconObject GetObject();
}
