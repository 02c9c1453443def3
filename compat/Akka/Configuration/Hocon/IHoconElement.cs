namespace Akka.Configuration.Hocon;

/// <summary>
/// One piece of a <see cref="HoconValue"/>: text, an array, an object or a substitution. A value is a list of pieces because HOCON joins
/// what stands side by side (<c>${home}/logs</c>).
/// </summary>
public interface IHoconElement
{
    /// <summary>Whether <see cref="GetString"/> has an answer.</summary>
    bool IsString();

    /// <summary>The text of this piece, as written.</summary>
    string GetString();

    /// <summary>Whether <see cref="GetArray"/> has an answer.</summary>
    bool IsArray();

    /// <summary>The elements of this piece.</summary>
    IList<HoconValue> GetArray();
}
